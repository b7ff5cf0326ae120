using System;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PsIpc.Host.Engine;

/// <summary>
/// Reads and writes a property of an object. Where its value is of a reference type this goes by delegates, which need
/// nothing compiled at run time: reflection itself compiles a stub for each property at the second call.
/// </summary>
public abstract class Accessor
{
    /// <summary>The access to a property.</summary>
    /// <param name="property">The property.</param>
    public static Accessor Of(PropertyInfo property)
    {
        ArgumentNullException.ThrowIfNull(property);
        return property.PropertyType.IsValueType || property.DeclaringType is not { IsValueType: false } owner
            ? new ByReflection(property)
            : Create(property, owner);
    }

    /// <summary>Reads the property.</summary>
    /// <param name="owner">The object.</param>
    public abstract object? Get(object owner);

    /// <summary>Writes the property.</summary>
    /// <param name="owner">The object.</param>
    /// <param name="value">The value, of the property's type.</param>
    public abstract void Set(object owner, object? value);

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "All reference types share the code of one instance, which exists.")]
    [UnconditionalSuppressMessage("Trimming", "IL2055", Justification = "The class has no members that could be cut away.")]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "No constructor is called.")]
    private static Accessor Create(PropertyInfo property, Type owner)
    {
        Type type = typeof(ByDelegate<,>).MakeGenericType(owner, property.PropertyType);
        Accessor accessor = (Accessor)RuntimeHelpers.GetUninitializedObject(type);
        accessor.Attach(property);
        return accessor;
    }

    /// <summary>Never called: makes the compiler write the code that all reference types share.</summary>
    internal static Accessor ForAll() => new ByDelegate<object, object>();

    private protected virtual void Attach(PropertyInfo property)
    {
    }

    private sealed class ByReflection(PropertyInfo property) : Accessor
    {
        public override object? Get(object owner) => property.GetValue(owner);

        public override void Set(object owner, object? value) =>
            property.SetValue(owner, value, BindingFlags.DoNotWrapExceptions, binder: null, index: null, culture: null);
    }

    private sealed class ByDelegate<TOwner, TValue> : Accessor
        where TOwner : class
        where TValue : class
    {
        private Func<TOwner, TValue?>? _get;
        private Action<TOwner, TValue?>? _set;

        private protected override void Attach(PropertyInfo property)
        {
            _get = property.GetMethod?.CreateDelegate<Func<TOwner, TValue?>>();
            _set = property.SetMethod?.CreateDelegate<Action<TOwner, TValue?>>();
        }

        public override object? Get(object owner) => _get!((TOwner)owner);

        public override void Set(object owner, object? value) => _set!((TOwner)owner, (TValue?)value);
    }
}
