using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Bench;

/// <summary>One line of the report.</summary>
/// <param name="Section">What was measured.</param>
/// <param name="Contender">Who did it.</param>
/// <param name="Unit">Unit of the values.</param>
/// <param name="Median">Median over the rounds; null where it was not measured.</param>
/// <param name="Minimum">Least of the rounds.</param>
/// <param name="Maximum">Greatest of the rounds.</param>
/// <param name="RatioTo">Whom it is compared with.</param>
/// <param name="Ratio">Median over the rounds of the ratio within a round.</param>
/// <param name="MinimumRatio">The least of all rounds over the other's least: what remains when nothing else runs.</param>
/// <param name="Goal">What the ratio or the median should be at most.</param>
/// <param name="Note">Why there are no values.</param>
internal sealed record Row(
    string Section,
    string Contender,
    string Unit,
    double? Median = null,
    double? Minimum = null,
    double? Maximum = null,
    string? RatioTo = null,
    double? Ratio = null,
    double? MinimumRatio = null,
    double? Goal = null,
    string? Note = null)
{
    /// <summary>A line of values.</summary>
    internal static Row Of(string section, string contender, string unit, IReadOnlyList<double> values) =>
        new(section, contender, unit, MedianOf(values), values.Min(), values.Max());

    /// <summary>A line that says why there is nothing.</summary>
    internal static Row Missing(string section, string contender, string reason) => new(section, contender, "", Note: "missing: " + reason);

    /// <summary>The same compared with another, round by round: what disturbs the machine disturbs both.</summary>
    internal Row ComparedWith(string other, IReadOnlyList<double> mine, IReadOnlyList<double> others, double? goal) =>
        this with
        {
            RatioTo = other,
            Ratio = MedianOf([.. mine.Zip(others, (one, two) => one / two)]),
            MinimumRatio = mine.Min() / others.Min(),
            Goal = goal,
        };

    internal static double MedianOf(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
