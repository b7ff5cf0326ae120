using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Reflection;

namespace PsIpc.Host.Output;

/// <summary>Writes the objects that come out of pipelines.</summary>
internal interface IObjectWriter
{
    /// <summary>Writes one.</summary>
    void Write(object? value);

    /// <summary>Writes what is due at the end.</summary>
    void End();
}

/// <summary>What both writers know of objects.</summary>
internal static class Shapes
{
    private static readonly Dictionary<Type, PropertyInfo[]> Known = [];

    /// <summary>Whether a value is shown as itself and not by its properties. By name where the type itself would load a library.</summary>
    internal static bool IsSimple(object value) =>
        value is string or Enum or decimal or DateTime or DateTimeOffset or Guid
        || value.GetType() is var type && (type.IsPrimitive || type.FullName is "System.Numerics.BigInteger" or "System.Uri" or "System.Version");

    /// <summary>The public properties that are not hidden, the class's own before those it inherits.</summary>
    internal static PropertyInfo[] PropertiesOf(object value)
    {
        Type type = value.GetType();
        if (!Known.TryGetValue(type, out PropertyInfo[]? properties))
        {
            Known[type] = properties = Array.FindAll(
                AllOf(type), property => property.GetIndexParameters().Length == 0 && !property.IsDefined(typeof(HiddenAttribute), inherit: false));
        }

        return properties;
    }

    internal static bool IsSequence(object value) => value is IEnumerable and not string and not IDictionary;

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "PsIpc.dll is kept whole.")]
    private static PropertyInfo[] AllOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
}
