using System;
using System.Diagnostics;

namespace PsIpc.Native.Waiting;

/// <summary>
/// How long a call may block: not at all, until a moment of the monotonic clock, or for ever.
/// Setting the system's clock does not move it.
/// </summary>
public readonly struct Deadline : IEquatable<Deadline>
{
    private const long Never = long.MaxValue;
    private readonly long _timestamp;

    private Deadline(long timestamp) => _timestamp = timestamp;

    /// <summary>Do not block: fail or come back empty-handed at once.</summary>
    public static Deadline NoWait => default;

    /// <summary>Block until the kernel or a cancellation ends it.</summary>
    public static Deadline Infinite => new(Never);

    /// <summary>Whether the call may block without end.</summary>
    public bool IsInfinite => _timestamp == Never;

    /// <summary>Whether the call may not block at all.</summary>
    public bool IsNoWait => _timestamp == 0;

    /// <summary>Whether the moment has passed.</summary>
    public bool HasPassed => !IsInfinite && Stopwatch.GetTimestamp() >= _timestamp;

    /// <summary>Time left; zero when it has passed. Not to be asked of an infinite deadline.</summary>
    public TimeSpan Remaining
    {
        get
        {
            long left = _timestamp - Stopwatch.GetTimestamp();
            return left <= 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(0, left);
        }
    }

    /// <summary>A deadline that lies so far ahead; one too far for the clock never comes.</summary>
    /// <param name="time">Zero or more.</param>
    public static Deadline After(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        Int128 timestamp = Stopwatch.GetTimestamp() + ((Int128)time.Ticks * Stopwatch.Frequency / TimeSpan.TicksPerSecond);
        return timestamp >= Never ? Infinite : new Deadline((long)timestamp);
    }

    /// <summary>What -NoWait and -Timeout of a call mean, were it made now.</summary>
    /// <param name="noWait">Whether it may not block at all.</param>
    /// <param name="timeout">How long it may block; null for ever.</param>
    public static Deadline Of(bool noWait, TimeSpan? timeout) => noWait ? NoWait
        : timeout is { } time ? After(time)
        : Infinite;

    /// <summary>The one that comes first.</summary>
    /// <param name="first">One.</param>
    /// <param name="second">The other.</param>
    public static Deadline Earlier(Deadline first, Deadline second) => first._timestamp <= second._timestamp ? first : second;

    /// <inheritdoc/>
    public bool Equals(Deadline other) => _timestamp == other._timestamp;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Deadline other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _timestamp.GetHashCode();

    /// <summary>Whether two deadlines are the same moment.</summary>
    public static bool operator ==(Deadline left, Deadline right) => left.Equals(right);

    /// <summary>Whether two deadlines differ.</summary>
    public static bool operator !=(Deadline left, Deadline right) => !left.Equals(right);
}
