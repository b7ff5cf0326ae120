using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;
using System.Management.Automation;
using PsIpc.Native;
using PsIpc.Native.Memory;

namespace PsIpc.Binding;

/// <summary>
/// Makes the fields of a layout properties of the view: $view.Count = 5. They come before what the view says of itself. PowerShell finds it by the
/// module's Types.ps1xml.
/// </summary>
public sealed class SharedMemoryFieldAdapter : PSPropertyAdapter
{
    /// <inheritdoc/>
    public override Collection<PSAdaptedProperty> GetProperties(object baseObject) =>
        [.. PropertiesOf(baseObject).Select(one => new PSAdaptedProperty(one.Name, one.Tag))];

    /// <inheritdoc/>
    public override PSAdaptedProperty? GetProperty(object baseObject, string propertyName)
    {
        foreach ((string name, object tag) in PropertiesOf(baseObject))
        {
            if (string.Equals(name, propertyName, StringComparison.OrdinalIgnoreCase))
            {
                return new PSAdaptedProperty(name, tag);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override bool IsSettable(PSAdaptedProperty adaptedProperty) => adaptedProperty.Tag is MemoryField;

    /// <inheritdoc/>
    public override bool IsGettable(PSAdaptedProperty adaptedProperty) => true;

    /// <inheritdoc/>
    public override object? GetPropertyValue(PSAdaptedProperty adaptedProperty) => adaptedProperty.Tag is MemoryField field
        ? FieldsOf(adaptedProperty.BaseObject)!.Get(field)
        : ((Func<SharedMemoryView, object?>, Type))adaptedProperty.Tag is var (get, _) ? get((SharedMemoryView)Bare(adaptedProperty.BaseObject)) : null;

    /// <summary>PowerShell shows the sentence of this exception alone.</summary>
    /// <inheritdoc/>
    public override void SetPropertyValue(PSAdaptedProperty adaptedProperty, object value)
    {
        try
        {
            FieldsOf(adaptedProperty.BaseObject)!.Set((MemoryField)adaptedProperty.Tag, value);
        }
        catch (Exception e) when (e is PSInvalidOperationException or IpcException)
        {
            throw new SetValueException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override string GetPropertyTypeName(PSAdaptedProperty adaptedProperty) => (adaptedProperty.Tag switch
    {
        MemoryField { Layout: not null, Count: null } => typeof(SharedMemoryStruct),
        MemoryField { Type: not { IsText: true }, Count: not null } => typeof(SharedMemoryArray),
        MemoryField field => field.Type!.ClrType,
        (Func<SharedMemoryView, object?>, Type type) => type,
        _ => typeof(object),
    }).FullName!;

    private static object Bare(object subject) => subject is PSObject wrapper ? wrapper.BaseObject : subject;

    private static SharedMemoryStruct? FieldsOf(object subject) => Bare(subject) switch
    {
        SharedMemoryView view => view.Struct,
        SharedMemoryStruct fields => fields,
        _ => null,
    };

    private static IEnumerable<(string Name, object Tag)> PropertiesOf(object subject)
    {
        SharedMemoryStruct? fields = FieldsOf(subject);
        foreach (MemoryField field in fields?.Declared ?? [])
        {
            yield return (field.Name, field);
        }

        if (Bare(subject) is SharedMemoryView)
        {
            foreach ((string name, Type type, Func<SharedMemoryView, object?> get) in SharedMemoryView.Own)
            {
                if (fields?.Declares(name) != true)
                {
                    yield return (name, (get, type));
                }
            }
        }
    }
}
