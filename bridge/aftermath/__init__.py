"""What happens after delivery: dead letters in operators' hands, and proof that nothing is lost."""
