using System;
using System.Collections.Generic;

namespace PsIpc.Host;

/// <summary>Guesses what was meant by a name that is not known.</summary>
internal static class Suggestion
{
    private const int LettersPerMistake = 4;

    /// <summary>" Did you mean NAME?", with a blank before it; nothing when no name is near enough.</summary>
    /// <param name="typed">What was written.</param>
    /// <param name="known">The names there are.</param>
    internal static string For(string typed, IEnumerable<string> known)
    {
        string? nearest = null;
        int fewest = (typed.Length / LettersPerMistake) + 1;
        foreach (string name in known)
        {
            int mistakes = Distance(typed.ToUpperInvariant(), name.ToUpperInvariant());
            if (mistakes < fewest)
            {
                (nearest, fewest) = (name, mistakes);
            }
        }

        return nearest is null ? "" : $" Did you mean {nearest}?";
    }

    /// <summary>How many letters must be put in, taken out, replaced or swapped with the next (the optimal string alignment).</summary>
    private static int Distance(string one, string other)
    {
        int[,] steps = new int[one.Length + 1, other.Length + 1];
        for (int i = 0; i <= one.Length; i++)
        {
            for (int j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    steps[i, j] = i + j;
                    continue;
                }

                int replaced = steps[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                int best = Math.Min(replaced, Math.Min(steps[i - 1, j], steps[i, j - 1]) + 1);
                bool isSwap = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                steps[i, j] = isSwap ? Math.Min(best, steps[i - 2, j - 2] + 1) : best;
            }
        }

        return steps[one.Length, other.Length];
    }
}
