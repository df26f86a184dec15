"""What steps of casework stand on: the officer's session, context and result of a step, forms, supplements, visits."""
