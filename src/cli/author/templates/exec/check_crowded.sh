#!/bin/sh
# A plug-in for Nagios. The facts that the check needs come on stdin, as one line of JSON.
limit=${PODCTL_OPTION_LIMIT:-20}
pods=$(grep -o '"state":"ready"' | wc -l)
if [ "$pods" -gt "$limit" ]; then
  echo "PODS WARNING - $pods pods run here, and $limit may"
  exit 1
fi
echo "PODS OK - $pods pods run here"
