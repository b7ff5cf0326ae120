# Runs flock(1) around nothing when told to, as often as told, and answers with nanoseconds: $1 is flock.
echo ready
while read -r word file count; do
    [ "$word" = section ] || { echo "error $word: not known here"; continue; }
    start=$(date +%s%N)
    i=0
    while [ "$i" -lt "$count" ]; do
        "$1" "$file" -c true
        i=$((i + 1))
    done
    echo $(($(date +%s%N) - start))
done
