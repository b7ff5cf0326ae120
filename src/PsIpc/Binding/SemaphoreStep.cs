using System;
using System.Globalization;
using PsIpc.Errors;

namespace PsIpc;

/// <summary>
/// One operation on one semaphore of a System V set, written INDEX:CHANGE, as in 0:-1 (take one from the first), 1:+2 (give two to the second) and 2:0
/// (wait until the third is zero). See semop(2).
/// </summary>
public readonly record struct SemaphoreStep
{
    private const int MaxChange = 32767;

    private SemaphoreStep(int index, int change) => (Index, Change) = (index, change);

    /// <summary>Which semaphore of the set, from 0.</summary>
    public int Index { get; }

    /// <summary>What is added to its value; below 0 taken from it; 0 to wait for the value 0.</summary>
    public int Change { get; }

    /// <summary>Reads INDEX:CHANGE.</summary>
    /// <param name="text">The operation.</param>
    /// <exception cref="FormatException">It is none; the message is for the user.</exception>
    public static SemaphoreStep Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':');
        return parts.Length == 2
            && ushort.TryParse(parts[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out ushort index)
            && int.TryParse(parts[1].Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int change)
            && change is >= -MaxChange and <= MaxChange
                ? new SemaphoreStep(index, change)
                : throw new FormatException(Sentences.Format("SemaphoreStepRefused", ("value", text)));
    }

    /// <summary>INDEX:CHANGE.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}:{(Change > 0 ? "+" : "")}{Change}");
}
