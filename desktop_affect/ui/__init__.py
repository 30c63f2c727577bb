"""The rooms a person sees: the only Qt in the house."""
