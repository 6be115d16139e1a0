// TypeScript cannot follow a cartridge path: what is required along it has any type. dw classes have theirs.
declare module '*';
