// What is left of a start when nothing is done.
