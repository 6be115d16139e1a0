"""What was bought (facts), who bought it (person), and which destinations may know."""
