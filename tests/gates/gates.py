#!/usr/bin/env python3
"""gates.py CHECK [ARGUMENT]: holds the sources to the project's own rules.

functions  length of functions (needs universal-ctags): none over 80 lines, the 90th percentile under
           40 over stages/ and pipeline/; prints the median, which should be about 12
files      no source file over 600 lines
includes   who may include whom: common <- model <- stages <- scan, study <- commands; a stage uses another only
           through its public header and only if CMakeLists.txt links it; each library is included
           in its own folder only
banned     functions that are not used here, each with what to use instead
words      no path of a machine and no word of a workplace in tracked files
names      no two source files share a name, in whichever folders they lie
format     clang-format would change nothing (needs clang-format)
once       prints which share of static functions is used once: a report, never a failure
readme BURZA   every command and option that README.md shows exists

Ends with 0, 1 (each violation on a line of its own) or 77 (a tool is missing).
"""
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
SOURCES = ("stages", "pipeline")

LINES_PER_FUNCTION, LINES_P90, LINES_PER_FILE = 80, 40, 600

# Headers of a stage that others may include besides stages/X/X.h: tools that commands need.
PUBLIC = {
    "text/inflect.h": "forms of words, for compiling queries and lexicons",
    "decode/csv.h": "burza evaluate",
    "score/metrics.h": "burza evaluate",
    "score/agreement.h": "burza evaluate",
    "score/check.h": "burza lexicon check",
    "score/show.h": "burza lexicon show",
    "care/proportion.h": "limits of shares in the report",
}
# Library header -> the folders that may include it.
LIBRARIES = {
    r"archive(_entry)?\.h": ["stages/unpack", "datasets/generator"],
    r"zstd(_errors)?\.h": ["stages/unpack", "datasets/generator"],
    r"isa-l.*": ["stages/unpack"],
    r"lzma\.h": ["stages/unpack"],
    r"bzlib\.h": ["stages/unpack"],
    r"jansson\.h": ["stages/decode", "pipeline"],
    r"simdjson\.h": ["stages/decode"],
    r"expat\.h": ["stages/decode"],
    # the report asks it which characters are invisible
    r"utf8proc\.h": ["stages/text", "stages/report"],
    r"(hdf5|H5).*": ["stages/store"],
    r"xlsxwriter\.h": ["stages/xlsx"],
    r"cld2/.*": ["stages/text"],
    r"hunspell/.*": ["stages/text"],
    r"openssl/.*": ["stages/common"],
    r"linear\.h": ["tests/quality"],
}
BANNED = {
    "gets|strcpy|strcat|sprintf|vsprintf|stpcpy|strncpy|strncat": "buf, snprintf or row_text",
    "strtok|strtok_r": "spans",
    "atoi|atol|atoll|atof|strtod|strtof|strtold": "num_i64, num_scaled (locale)",
    "scanf|sscanf|fscanf": "num_*, when_parse",
    "isalpha|isdigit|isalnum|isspace|isupper|islower|toupper|tolower|ispunct": "byte ranges (locale)",
    "setlocale|strcoll|strftime|localtime|localtime_r|mktime|ctime|asctime|gmtime|strptime": "when, zone",
    "system|popen|fork|vfork|execl|execlp|execle|execv|execvp|execvpe|posix_spawn": "nothing: no children",
    "socket|connect|getaddrinfo|gethostbyname": "nothing: no network",
    "rand|srand|random|srandom|drand48|rand_r|lrand48": "nothing: results are a function of inputs",
    "tmpnam|tempnam|mktemp|tmpfile|mkstemp": "file_publish, file_temporary",
    "alloca|strdupa": "arena, buf",
    "regcomp|regexec": "queries without regular expressions",
    "abort|assert": "status",
}
# Where a banned function is right, and why.
ALLOWED = {
    ("stages/common/zone.c", "localtime_r"): "the one reader of the tz database",
    ("stages/text/compile_forms.c", "strtok_r"): "a tool of the build, reads a dictionary",
    ("pipeline/commands/table_writer.c", "strtod"): "reads back what snprintf wrote, to round it",
}
# Names that may come more than once, as patterns of whole paths, and why.
SHARED_NAMES = {
    r"tests/.*/run\.sh": "the one way to start a kind of test",
}
# Endings of files whose names are unique; CMakeLists.txt, stage.cmake, README.md and data are not.
NAMED = (".c", ".h", ".cc", ".S", ".py", ".sh", ".js")
# Folders of one machine: a home, or where this checkout lies.
WORDS = r"(/(home|Users)/[a-z]|/root/|" + re.escape(ROOT) + "/)"


def tracked(*endings):
    """Files of the project, relative to its root: tracked by git, or all where there is no git."""
    try:
        listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, check=True)
        names = [name for name in listed.stdout.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = []
        for folder, folders, files in os.walk(ROOT):
            folders[:] = [f for f in folders if not f.startswith(".") and f not in ("build", "results")]
            names += [os.path.relpath(os.path.join(folder, f), ROOT) for f in files]
    names = [n for n in names if os.path.isfile(os.path.join(ROOT, n))]
    return sorted(n for n in names if not endings or n.endswith(endings))


def sources(*folders):
    return [n for n in tracked(".c", ".h", ".cc") if n.split("/")[0] in (folders or SOURCES)]


def read(name):
    with open(os.path.join(ROOT, name), encoding="utf-8", errors="replace") as file:
        return file.read()


def need(tool):
    if not shutil.which(tool):
        print(f"skipped: {tool} is missing")
        sys.exit(77)


def strip(text):
    """The C text with comments and the insides of literals blanked, lines kept."""
    def blank(match):
        found = match.group(0)
        if found[0] == "/":
            return re.sub(r"[^\n]", " ", found)
        return found[0] + " " * (len(found) - 2) + found[-1]

    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)


def functions():
    need("ctags")
    if "Universal" not in subprocess.run(["ctags", "--version"], capture_output=True, text=True).stdout:
        print("skipped: ctags is not universal-ctags")
        sys.exit(77)
    command = ["ctags", "-x", "--_xformat=%{input}\t%N\t%n\t%e", "--kinds-C=f", "--kinds-C++=f",
               "--langmap=C:.c.h", "-f", "-", "-L", "-"]
    names = "\n".join(n for n in sources() if n.endswith((".c", ".cc")))
    listed = subprocess.run(command, input=names, capture_output=True, text=True, cwd=ROOT, check=True)
    found = []
    for line in listed.stdout.splitlines():
        name, function, first, last = line.split("\t")
        found.append((int(last) - int(first) + 1, name, function))
    lengths = sorted(length for length, _, _ in found)
    if len(lengths) < 500:
        yield f"only {len(lengths)} functions found: ctags was not understood"
        return
    median, p90 = lengths[len(lengths) // 2], lengths[len(lengths) * 9 // 10]
    print(f"{len(lengths)} functions: median {median} lines, 90th percentile {p90}, longest {lengths[-1]}")
    if p90 >= LINES_P90:
        yield f"the 90th percentile is {p90} lines, not under {LINES_P90}"
    for length, name, function in sorted(found, reverse=True):
        if length > LINES_PER_FUNCTION:
            yield f"{name}: {function} has {length} lines"


def once():
    static, single = 0, 0
    for name in sources():
        text = strip(read(name))
        for function in re.findall(r"^static [^;={}()]*?(\w+)\([^;{}]*\) \{", text, flags=re.M):
            static += 1
            single += len(re.findall(r"\b" + function + r"\b", text)) == 2
    print(f"{static} static functions, {100 * single / static:.0f} % of them used once")
    return ()


def files():
    for name in sources("stages", "pipeline", "datasets", "tests"):
        lines = read(name).count("\n")
        if lines > LINES_PER_FILE:
            yield f"{name}: {lines} lines"


def stage_links():
    """Stage -> the stages it links, from CMakeLists.txt."""
    links = {}
    for name, rest in re.findall(r"burza_stage\((\w+)([^)]*)\)", read("CMakeLists.txt")):
        links[name] = set(re.findall(r"burza_(\w+)", rest))
    for name in list(links):  # what a linked stage links is linked too
        todo = list(links[name])
        while todo:
            for more in links.get(todo.pop(), ()):
                if more not in links[name]:
                    links[name].add(more)
                    todo.append(more)
    return links


def layer(name):
    """'stages/X', 'pipeline/scan', 'pipeline/study' or 'pipeline'."""
    parts = name.split("/")
    if parts[0] == "stages" or (parts[0] == "pipeline" and len(parts) > 2):
        return "/".join(parts[:2])
    return parts[0]


def include_fault(name, target, links):
    own, other = layer(name), layer(target)
    if own == other:
        return None
    if other.startswith("stages/"):
        stage = other[7:]
        public = target == f"stages/{stage}/{stage}.h" or stage in ("common", "model") or target[7:] in PUBLIC
        if not public:
            return f"{target} is private to its stage"
        if own.startswith("stages/") and stage not in links.get(own[7:], ()):
            return f"CMakeLists.txt does not link {own[7:]} with {stage}"
        return None
    if own.startswith("stages/"):
        return "a stage knows nothing of the program"
    if own == "pipeline/scan":
        return "a scan knows stages only"
    if own == "pipeline/study" and other == "pipeline/commands":
        return "a study knows nothing of commands"
    return None


def includes():
    links = stage_links()
    for name in sources("stages", "pipeline", "datasets", "tests"):
        for opening, target in re.findall(r'^\s*#\s*include\s*([<"])([^>"]+)', read(name), flags=re.M):
            if opening == '"' and name.split("/")[0] in SOURCES:
                target = target if os.path.exists(os.path.join(ROOT, target)) else os.path.normpath(
                    os.path.join(os.path.dirname(name), target))
                fault = include_fault(name, target, links)
                if fault:
                    yield f"{name}: includes {target}: {fault}"
            for library, folders in LIBRARIES.items():
                allowed = name.startswith("tests/") or name.startswith(tuple(folders))
                if re.fullmatch(library, target) and not allowed:
                    yield f"{name}: includes <{target}>, which belongs to {' and '.join(folders)}"


def banned():
    for name in sources():
        text = strip(read(name))
        for group, instead in BANNED.items():
            for match in re.finditer(r"(?<![\w.>])(" + group + r")\s*\(", text):
                if (name, match.group(1)) not in ALLOWED:
                    line = text.count("\n", 0, match.start()) + 1
                    yield f"{name}:{line}: {match.group(1)}: use {instead}"


def words():
    for name in tracked():
        with open(os.path.join(ROOT, name), "rb") as file:
            content = file.read()
        if name == "tests/gates/gates.py" or b"\0" in content[:8192]:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            match = re.search(WORDS, line)
            if match:
                yield f"{name}:{number}: {match.group(0)}"


def names():
    paths = {}
    for path in tracked(*NAMED):
        shared = any(re.fullmatch(pattern, path) for pattern in SHARED_NAMES)
        if not shared and not path.startswith("datasets/samples/"):
            paths.setdefault(os.path.basename(path), []).append(path)
    for name, found in sorted(paths.items()):
        if len(found) > 1:
            yield f"{name}: {', '.join(found)}"


def format_():
    need("clang-format")
    names = sources("stages", "pipeline", "datasets", "tests")
    done = subprocess.run(["clang-format", "--dry-run", "-Werror"] + names, capture_output=True, text=True, cwd=ROOT)
    yield from sorted({line.split(":")[0] + ": run clang-format -i" for line in done.stderr.splitlines()
                       if " error: " in line})


def readme():
    burza = sys.argv[2]
    if not os.path.exists(os.path.join(ROOT, "README.md")):
        print("skipped: there is no README.md yet")
        sys.exit(77)
    usage = subprocess.run([burza, "--help"], capture_output=True, text=True).stdout
    known = set(re.findall(r"^  burza (\w+)", usage, flags=re.M))
    text = read("README.md")
    shown = 0
    for command, rest in re.findall(r"(?<![\w/.-])burza (\w+)([^\n`]*)", "\n".join(
            re.findall(r"^```.*?^```|`[^`\n]+`", text, flags=re.S | re.M))):
        shown += 1
        if command not in known:
            yield f"README.md: there is no burza {command}"
            continue
        page = subprocess.run([burza, "help", command], capture_output=True, text=True).stdout
        for option in re.findall(r"(?<=\s)--[a-z-]+", rest):
            if option not in page:
                yield f"README.md: burza {command} has no {option}"
    if not shown:
        yield "README.md: shows no command"
    for script in re.findall(r"\bsh ([\w/.-]+\.sh)", text):
        if not os.path.exists(os.path.join(ROOT, script)):
            yield f"README.md: there is no {script}"
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        if not os.path.exists(os.path.join(ROOT, link)):
            yield f"README.md: there is no {link}"


CHECKS = {"functions": functions, "files": files, "includes": includes, "banned": banned,
          "words": words, "names": names, "format": format_, "once": once, "readme": readme}
if len(sys.argv) < 2 or sys.argv[1] not in CHECKS:
    sys.exit(__doc__)
violations = list(CHECKS[sys.argv[1]]())
for violation in violations:
    print(violation)
sys.exit(bool(violations))
