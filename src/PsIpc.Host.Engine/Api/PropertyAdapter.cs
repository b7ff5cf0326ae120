using System.Collections.ObjectModel;

namespace System.Management.Automation;

/// <summary>Gives objects properties that their class has not. Only PowerShell's language reads properties: here nobody asks it.</summary>
public abstract class PSPropertyAdapter
{
    /// <summary>All properties of an object.</summary>
    /// <param name="baseObject">The object.</param>
    public abstract Collection<PSAdaptedProperty> GetProperties(object baseObject);

    /// <summary>One property; null when there is none of that name.</summary>
    /// <param name="baseObject">The object.</param>
    /// <param name="propertyName">The name.</param>
    public abstract PSAdaptedProperty? GetProperty(object baseObject, string propertyName);

    /// <summary>Whether it can be set.</summary>
    /// <param name="adaptedProperty">The property.</param>
    public abstract bool IsSettable(PSAdaptedProperty adaptedProperty);

    /// <summary>Whether it can be read.</summary>
    /// <param name="adaptedProperty">The property.</param>
    public abstract bool IsGettable(PSAdaptedProperty adaptedProperty);

    /// <summary>Its value.</summary>
    /// <param name="adaptedProperty">The property.</param>
    public abstract object? GetPropertyValue(PSAdaptedProperty adaptedProperty);

    /// <summary>Sets it.</summary>
    /// <param name="adaptedProperty">The property.</param>
    /// <param name="value">The value.</param>
    public abstract void SetPropertyValue(PSAdaptedProperty adaptedProperty, object value);

    /// <summary>The name of its type.</summary>
    /// <param name="adaptedProperty">The property.</param>
    public abstract string GetPropertyTypeName(PSAdaptedProperty adaptedProperty);
}

/// <summary>A property that an adapter gives.</summary>
/// <param name="name">Its name.</param>
/// <param name="tag">What the adapter knows it by.</param>
public class PSAdaptedProperty(string name, object tag) : PSPropertyInfo(name)
{
    /// <summary>The object.</summary>
    public object? BaseObject => null;

    /// <summary>What the adapter knows it by.</summary>
    public object Tag => tag;

    /// <inheritdoc/>
    public override object? Value { get; set; }
}

/// <summary>A property could not be set.</summary>
/// <param name="message">Why.</param>
/// <param name="innerException">What caused it.</param>
public class SetValueException(string message, Exception? innerException) : RuntimeException(message, innerException);
