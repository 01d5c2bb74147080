import sys
from helpers.commands import run
import argparse

p = argparse.ArgumentParser()
s = p.add_subparsers(dest="c")
r = s.add_parser("run")
r.add_argument("notebooks", nargs="*")
r.add_argument("--output")
st = s.add_parser("study")
st.add_argument("notebooks", nargs="*")
o = p.parse_args()
if o.c == "run":
    sys.exit(run.main(o))
from helpers import studies
from helpers.progress import Bar

for n in o.notebooks:
    b = Bar(n)
    studies.run(n, b)
    b.close("ok")
