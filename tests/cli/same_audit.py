#!/usr/bin/env python3
"""same_audit.py A.h5 B.h5: do two audits hold the same, made with other versions of the libraries?

HDF5 lays the same content out differently from version to version, so files of two systems cannot be
compared byte by byte. Here every group, dataset, attribute, type and value is. What differs is
printed, a line each; only /provenance/libraries may. Ends with 0 (the same) or 1.
"""
import sys

import h5py
import numpy


def shown(file, value):
    """A value as something that compares equal when every bit of it does, references by name."""
    if isinstance(value, h5py.Reference):
        return file[value].name
    if isinstance(value, numpy.ndarray) and value.dtype.hasobject:
        return [shown(file, item) for item in value.ravel()]
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return value.tobytes()
    return value


def contents(path):
    """Everything in an audit: what it is called -> type, shape, value."""
    found = {}
    with h5py.File(path, "r") as file:
        def visit(name, item):
            if isinstance(item, h5py.Dataset):
                found[name] = (str(item.dtype), item.shape, shown(file, item[()]))
            else:
                found[name] = sorted(item)
            for key, value in item.attrs.items():
                if key == "REFERENCE_LIST":  # DIMENSION_LIST the other way round, typed as HDF5 likes
                    continue
                kind = item.attrs.get_id(key)
                found[name + "@" + key] = (str(kind.dtype), kind.shape, shown(file, value))
        visit("", file)
        file.visititems(visit)
    return found


def main(one, other):
    one, other = contents(one), contents(other)
    names = sorted(one.keys() | other.keys())
    different = [name for name in names if one.get(name) != other.get(name)]
    for name in different:
        print(f"/{name} differs")
    return 0 if set(different) <= {"provenance/libraries"} else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
