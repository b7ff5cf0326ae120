# Runs a program of util-linux when told to, and answers with nanoseconds: $1 is the program.
echo ready
while read -r word rest; do
    [ "$word" = list ] || { echo "error $word: not known here"; continue; }
    start=$(date +%s%N)
    "$1" -q >/dev/null
    echo $(($(date +%s%N) - start))
done
