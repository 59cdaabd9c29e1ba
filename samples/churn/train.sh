#!/usr/bin/env bash
# Runs the stages of the churn plugin, as the platform would: each stage reads its manifest and writes its results.
#
#   samples/churn/train.sh FOLDER [SEED]
#
# FOLDER gets a copy of the plugin with its model, manifests and results: the folder that is deployed. Another SEED
# invents other users, so that another model comes out. PYTHON names the interpreter (default: python3).
set -euo pipefail

folder=${1:?usage: train.sh FOLDER [SEED]}
seed=${2:-1}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=${PYTHON:-python3}

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
# Training takes its time, and somebody may follow the folder: it is done beside it, and its outcome is moved in at once.
work=$(mktemp -d "$folder.training-XXXXXX")
trap 'rm -rf "$work"' EXIT
cp "$here"/plugin/*.py "$work"/
cd "$work"
export PYTHONDONTWRITEBYTECODE=1
for stage in initial trainMore; do
  "$python" "$here/make_manifest.py" "$stage" "$seed" "manifest-$stage.json"
  "$python" main.py "manifest-$stage.json" "results-$stage.json"
done
mv -- *.py model.json manifest-*.json results-*.json "$folder"/
