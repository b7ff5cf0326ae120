using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace System.Management.Automation;

/// <summary>An object with the text it was typed as; or a bag of named values.</summary>
public sealed class PSObject
{
    private Collection<string>? _typeNames;
    private PSMemberInfoCollection<PSPropertyInfo>? _properties;

    /// <summary>Makes an empty bag.</summary>
    public PSObject()
        : this(PSCustomObject.Instance)
    {
    }

    /// <summary>Wraps an object.</summary>
    /// <param name="obj">The object.</param>
    public PSObject(object obj) => BaseObject = Unwrap(obj) ?? throw new ArgumentNullException(nameof(obj));

    internal PSObject(object number, string text)
        : this(number) => LiteralText = text;

    /// <summary>What is inside.</summary>
    public object BaseObject { get; }

    /// <summary>The names of its class and of those it derives from.</summary>
    public Collection<string> TypeNames => _typeNames ??= NamesOf(BaseObject.GetType());

    /// <summary>Its properties; of an object that is no bag those that were added.</summary>
    public PSMemberInfoCollection<PSPropertyInfo> Properties => _properties ??= new PSMemberInfoCollection<PSPropertyInfo>();

    /// <summary>How a number was typed, where that differs from how it is written.</summary>
    internal string? LiteralText { get; }

    /// <summary>Wraps an object that is not wrapped yet.</summary>
    /// <param name="obj">The object.</param>
    public static PSObject AsPSObject(object obj) => obj as PSObject ?? new PSObject(obj);

    /// <inheritdoc/>
    public override string ToString() => LiteralText ?? LanguagePrimitives.TextOf(BaseObject);

    internal static object? Unwrap(object? value) => value is PSObject wrapper ? wrapper.BaseObject : value;

    private static Collection<string> NamesOf(Type type)
    {
        Collection<string> names = [];
        for (Type? one = type; one is not null; one = one.BaseType)
        {
            names.Add(one.FullName ?? one.Name);
        }

        return names;
    }
}

/// <summary>What a bag of named values has inside.</summary>
public sealed class PSCustomObject
{
    internal static readonly PSCustomObject Instance = new();

    private PSCustomObject()
    {
    }

    /// <inheritdoc/>
    public override string ToString() => "";
}

/// <summary>A member of an object.</summary>
public abstract class PSMemberInfo
{
    private protected PSMemberInfo(string name) => Name = name;

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its value.</summary>
    public abstract object? Value { get; set; }
}

/// <summary>A property of an object.</summary>
public abstract class PSPropertyInfo : PSMemberInfo
{
    private protected PSPropertyInfo(string name)
        : base(name)
    {
    }
}

/// <summary>A named value.</summary>
/// <param name="name">Its name.</param>
/// <param name="value">Its value.</param>
public sealed class PSNoteProperty(string name, object? value) : PSPropertyInfo(name)
{
    /// <inheritdoc/>
    public override object? Value { get; set; } = value;
}

/// <summary>Members by name; upper and lower case are the same.</summary>
/// <typeparam name="T">What kind of members.</typeparam>
public sealed class PSMemberInfoCollection<T> : IEnumerable<T>
    where T : PSMemberInfo
{
    private readonly List<T> _members = [];

    internal PSMemberInfoCollection()
    {
    }

    /// <summary>The member of that name; null when there is none.</summary>
    /// <param name="name">The name.</param>
    [SuppressMessage("Design", "CA1043:Use integral or string argument for indexers", Justification = "It is a string.")]
    public T? this[string name] => _members.Find(member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds a member.</summary>
    /// <param name="member">The member.</param>
    public void Add(T member) => _members.Add(member);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _members.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
