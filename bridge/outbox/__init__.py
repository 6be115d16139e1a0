"""The only state there is: orders, their deliveries, and which moves a delivery may make."""
