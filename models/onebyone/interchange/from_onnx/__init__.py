"""The parts of reading an ONNX file: one module a family of operators, and what they share."""
