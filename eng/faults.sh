#!/usr/bin/env bash
# Prints, for every fault of docs/faults.md, the tests that show its promise, and at the end the faults without any.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Lines "NN Test": the method that stands next after each [Trait("Fault", "NN")].
# shellcheck disable=SC2016 # these are awk's own variables
named=$(find tests -name '*.cs' -not -path '*/obj/*' -print0 | sort -z | xargs -0 awk '
  FNR == 1 { split("", faults) }
  { line = $0
    while (match(line, /Trait\("Fault", "[0-9]+"\)/)) {
      text = substr(line, RSTART, RLENGTH); gsub(/[^0-9]/, "", text); faults[text] = 1
      line = substr(line, RSTART + RLENGTH) } }
  /^ *public .*\(/ {
    name = $0; sub(/\(.*/, "", name); sub(/.* /, "", name); file = FILENAME; sub(/.*\//, "", file); sub(/\.cs$/, "", file)
    for (fault in faults) print fault, file "." name
    split("", faults) }')

without=()
while IFS='|' read -r _ number fault _ state _; do
  number=${number// /}
  printf '%s  %s\n' "$number" "${fault# }"
  tests=$(awk -v fault="$number" '$1 == fault { print "      " $2 }' <<<"$named")
  if [ -n "$tests" ]; then printf '%s\n' "$tests"; else without+=("$number${state%% }"); fi
done < <(grep -E '^\| [0-9]+ \|' docs/faults.md)

echo
echo "Without a test: ${without[*]:-none}"
