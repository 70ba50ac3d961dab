"""The search through all lives of a program: every answer that a network and a server can give, at every step.

Law: a program is a value that can be resumed many times, and the service is a pure function of its state; so a life is
a row of choices, and the same choices make the same life. What is searched is said, what is left out is said, and a
bound that is met is said.
"""
