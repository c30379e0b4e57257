"""A person's own frames laid out on one chart, and what the controls say of them, in closed form."""
