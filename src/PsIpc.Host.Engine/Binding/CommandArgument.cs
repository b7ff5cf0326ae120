namespace PsIpc.Host.Engine;

/// <summary>One argument as it stands on the command line: a parameter's name, a value, or both (-Name:value).</summary>
public sealed class CommandArgument
{
    private CommandArgument(string? name, string? nameText, bool hasValue, object? value, bool isShellWord) =>
        (Name, NameText, HasValue, Value, IsShellWord) = (name, nameText, hasValue, value, isShellWord);

    /// <summary>The parameter's name, as far as it was typed; null for a value by itself.</summary>
    public string? Name { get; internal set; }

    /// <summary>The name with its dash, as it was typed: what it is when it turns out to be a value.</summary>
    public string? NameText { get; }

    /// <summary>Whether there is a value.</summary>
    public bool HasValue { get; private set; }

    /// <summary>The value.</summary>
    public object? Value { get; private set; }

    /// <summary>
    /// Whether it is an argument of the process, which a shell has read already: text, in which a comma separates only
    /// numbers, keys and kinds.
    /// </summary>
    public bool IsShellWord { get; private set; }

    /// <summary>A parameter's name.</summary>
    /// <param name="name">The name without its dash.</param>
    /// <param name="text">The name as it was typed.</param>
    public static CommandArgument ForName(string name, string text) => new(name, text, hasValue: false, null, isShellWord: false);

    /// <summary>A name with its value.</summary>
    /// <param name="name">The name without its dash.</param>
    /// <param name="value">The value.</param>
    /// <param name="isShellWord">Whether it is an argument of the process.</param>
    public static CommandArgument ForNamedValue(string name, object? value, bool isShellWord = false) =>
        new(name, "-" + name + ":", hasValue: true, value, isShellWord);

    /// <summary>A value by itself.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isShellWord">Whether it is an argument of the process.</param>
    public static CommandArgument ForValue(object? value, bool isShellWord = false) => new(null, null, hasValue: true, value, isShellWord);

    internal void SetValue(object? value, bool isShellWord) => (HasValue, Value, IsShellWord) = (true, value, isShellWord);
}
