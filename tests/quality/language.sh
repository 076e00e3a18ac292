#!/bin/sh
# Precision and recall of language detection: on the lists beside this script and, when it is there,
# on ../shared/sentiment. usage: tests/quality/language.sh [BUILD_FOLDER]
cd "$(dirname "$0")/../.." || exit 1
"${1:-build/release}/tests/test_text_language" | grep '^# '
