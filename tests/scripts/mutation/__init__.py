"""Mutation testing: small changes of the library's functions, each of which the tests must notice.

Law: mutmut makes the changes, pytest judges them, and no file of the working tree is touched. What is a mutant, and
which of them are in the sample, follows from the code and the seed alone.

mutmut's own runner is not used: it puts all mutants of a method into its class, which a msgspec struct does not take,
and it knows sources by the folder that has the name of their package.
"""
