"""What whoever runs the bridge sets and sees: settings, logs, metrics, health."""
