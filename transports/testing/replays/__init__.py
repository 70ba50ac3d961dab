"""Every fault for code: what is no program that is a value is carried out anew for each life.

Law: what makes a life is a row of choices, and the same row makes the same life; code that does something else then is
refused. What is searched is what is said, and a bound that is met is said.
"""
