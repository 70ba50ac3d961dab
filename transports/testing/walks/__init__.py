"""Random walks: many clients at once, one life after another, against one service, with whatever may go wrong.

Law: a walk is a function of its seed and its parameters, and can be walked again.
"""
