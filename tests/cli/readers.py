#!/usr/bin/env python3
"""readers.py AUDIT.h5 FOLDER: opens the audit with the usual libraries and compares what they read
with the exports TABLE.jsonl in the folder."""
import json
import sys
import warnings

import h5py

path, folder = sys.argv[1], sys.argv[2]


def exported(name):
    with open(f"{folder}/{name}.jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def with_h5py():
    with h5py.File(path, "r") as audit:
        for group in ("hourly", "daily", "tables", "posts", "provenance"):
            assert group in audit, group
        assert audit["hourly"].attrs.get("Conventions", audit.attrs.get("Conventions")), "CF"
        time = audit["hourly/time"]
        units = time.attrs["units"]
        units = units.decode() if isinstance(units, bytes) else units
        assert units == "seconds since 1970-01-01 00:00:00 UTC" or units.startswith(
            "seconds since 1970-01-01"
        ), units
        assert h5py.h5ds.is_scale(time.id)
        rows = exported("hourly")
        assert int(audit["hourly/mentions"][...].sum()) == sum(row["mentions"] for row in rows)
        for name in ("crises", "bursts", "authors", "inputs", "rejects", "terms", "evidence"):
            table, wanted = audit["tables"][name][...], exported(name)
            assert len(table) == len(wanted), name
            for got, want in zip(table, wanted):
                for key in got.dtype.names:
                    value = got[key]
                    if isinstance(value, bytes):
                        assert value.rstrip(b"\0").decode("utf-8") == want[key], (name, key)
                    elif want[key] is not None:
                        near = abs(float(value) - want[key]) <= 1e-12 * abs(want[key])
                        assert near, (name, key, value, want[key])
        print("h5py", h5py.__version__)


def with_pandas():
    import pandas

    for name in ("crises", "bursts", "authors", "inputs", "rejects", "terms", "evidence"):
        try:
            table = pandas.read_hdf(path, "/tables/" + name)
        except ImportError:
            print("pandas without PyTables: skipped")
            return
        assert len(table) == len(exported(name)), name
    crises = pandas.read_hdf(path, "/tables/crises")
    assert list(crises["onset"]) == [row["onset"] for row in exported("crises")]
    print("pandas", pandas.__version__)


def with_xarray(engine):
    import xarray

    with xarray.open_dataset(path, group="hourly", engine=engine) as hourly:
        assert {"time", "brand"} <= set(hourly.dims), hourly.dims
        assert str(hourly.time.dtype).startswith("datetime64"), hourly.time.dtype
        rows = exported("hourly")
        brands = [str(name) for name in hourly.brand.values]
        assert set(brands) == {row["brand"] for row in rows}, brands
        for brand in brands:
            one = hourly.mentions.sel(brand=hourly.brand.values[brands.index(brand)])
            total = int(one.sum())
            assert total == sum(r["mentions"] for r in rows if r["brand"] == brand), brand
    print("xarray", xarray.__version__, engine)


warnings.simplefilter("ignore")
with_h5py()
for reader, needs in ((with_pandas, "pandas"), (with_xarray, "xarray")):
    try:
        __import__(needs)
    except ImportError:
        print(needs, "is missing: skipped")
        continue
    if needs == "pandas":
        with_pandas()
        continue
    for engine, module in (("h5netcdf", "h5netcdf"), ("netcdf4", "netCDF4")):
        try:
            __import__(module)
        except ImportError:
            print(module, "is missing: skipped")
            continue
        with_xarray(engine)
