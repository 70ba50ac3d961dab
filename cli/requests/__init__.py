"""What a response is made from: options, files and standard input in, arguments of the core's builders out."""
