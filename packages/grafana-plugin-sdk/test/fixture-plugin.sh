#!/bin/sh
# exec: the plugin watches the process that started it, which is to be the host.
folder=${0%/*}
exec "$folder/../../../node_modules/.bin/node" "$folder/fixture-plugin.ts"
