#!/bin/sh
# Nagios plug-in: check_entropy.sh LEAST
have=$(cat /proc/sys/kernel/random/entropy_avail) || { echo "ENTROPY UNKNOWN"; exit 3; }
if [ "$have" -lt "$1" ]; then
  echo "ENTROPY CRITICAL - $have bits, less than $1 | entropy=$have"
  exit 2
fi
echo "ENTROPY OK - $have bits | entropy=$have"
