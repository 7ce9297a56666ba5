"""The number types that tensors of foreign models may have, by the names that torch gives them."""

ITEM_BYTES = {
    "bool": 1,
    "uint8": 1,
    "int8": 1,
    "uint16": 2,
    "int16": 2,
    "float16": 2,
    "bfloat16": 2,
    "uint32": 4,
    "int32": 4,
    "float32": 4,
    "uint64": 8,
    "int64": 8,
    "float64": 8,
}

FLOATING = frozenset({"float16", "bfloat16", "float32", "float64"})

#: The largest number of elements that a tensor may say it has; beyond this a shape is a mistake or an attack.
MAX_ELEMENTS = 2**40
