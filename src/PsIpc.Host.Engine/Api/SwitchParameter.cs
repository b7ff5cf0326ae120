namespace System.Management.Automation;

/// <summary>A parameter that is on when it is named.</summary>
/// <param name="isPresent">Whether it is on.</param>
public readonly struct SwitchParameter(bool isPresent) : IEquatable<SwitchParameter>
{
    /// <summary>On.</summary>
    public static SwitchParameter Present => new(true);

    /// <summary>Whether it is on.</summary>
    public bool IsPresent { get; } = isPresent;

    /// <summary>Whether it is on.</summary>
    /// <param name="switchParameter">The switch.</param>
    public static implicit operator bool(SwitchParameter switchParameter) => switchParameter.IsPresent;

    /// <summary>A switch that is on or off.</summary>
    /// <param name="value">Whether it is on.</param>
    public static implicit operator SwitchParameter(bool value) => new(value);

    /// <summary>Whether both are on or both off.</summary>
    /// <param name="first">One.</param>
    /// <param name="second">The other.</param>
    public static bool operator ==(SwitchParameter first, SwitchParameter second) => first.Equals(second);

    /// <summary>Whether one is on and one off.</summary>
    /// <param name="first">One.</param>
    /// <param name="second">The other.</param>
    public static bool operator !=(SwitchParameter first, SwitchParameter second) => !first.Equals(second);

    /// <summary>Whether it is on.</summary>
    public bool ToBool() => IsPresent;

    /// <inheritdoc/>
    public bool Equals(SwitchParameter other) => IsPresent == other.IsPresent;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SwitchParameter other ? Equals(other) : obj is bool value && value == IsPresent;

    /// <inheritdoc/>
    public override int GetHashCode() => IsPresent.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => IsPresent ? "True" : "False";
}
