#!/bin/sh
folder=${0%/*}
exec "$folder/../../node_modules/.bin/node" "$folder/plugin-under-bench.ts"
