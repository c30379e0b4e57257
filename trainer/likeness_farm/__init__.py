"""Films made by several computers: Ray hands them out, and each computer makes its own with the program that it has.

It runs in an environment of its own (`requirements-farm.txt`), which has nothing of the trainer's. Ray gives work that
a lost computer had to another one; what a film is made of travels by its hash, once to every computer.
"""
