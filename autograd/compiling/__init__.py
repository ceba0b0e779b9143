"""A recorded function becomes a plain NumPy program.

:mod:`.trace` and :mod:`.arrays` write down what a function does, :mod:`.places` finds what it uses, :mod:`.recording`
brings them together; :mod:`.passes` and :mod:`.buffers` make the program short, and :mod:`.source` writes it.
"""
