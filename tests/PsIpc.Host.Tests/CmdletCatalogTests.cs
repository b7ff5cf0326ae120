using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Reflection;
using Microsoft.PowerShell.Commands;
using PsIpc.Host.Engine;
using Xunit;
using HostCatalog = PsIpc.Host.CmdletCatalog;

namespace PsIpc.Host.Tests;

/// <summary>What the generator wrote is what the attributes say: every cmdlet, parameter by parameter.</summary>
public sealed class CmdletCatalogTests
{
    public static TheoryData<Type> Cmdlets =>
        [.. typeof(IpcObject).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && type.IsDefined(typeof(CmdletAttribute), inherit: false))];

    [Fact]
    public void It_has_every_cmdlet_but_those_that_need_PowerShell() =>
        Assert.Equal(
            Cmdlets.Select(row => row.Data).Where(type => !type.IsSubclassOf(typeof(ObjectEventRegistrationBase))).Select(NameOf).Order(StringComparer.OrdinalIgnoreCase),
            HostCatalog.Names);

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void It_says_of_a_cmdlet_what_its_attributes_say(Type type)
    {
        string name = NameOf(type);
        if (type.IsSubclassOf(typeof(ObjectEventRegistrationBase)))
        {
            Assert.True(HostCatalog.NeedsPowerShell(name.ToUpperInvariant()));
            Assert.Null(HostCatalog.Find(name));
            return;
        }

        CmdletDescription described = HostCatalog.Find(name.ToUpperInvariant())!;
        CmdletAttribute cmdlet = type.GetCustomAttribute<CmdletAttribute>()!;
        Assert.False(HostCatalog.NeedsPowerShell(name));
        Assert.Equal(
            (name, type, cmdlet.SupportsShouldProcess, cmdlet.ConfirmImpact),
            (described.Info.Name, described.Info.ImplementingType, described.SupportsShouldProcess, described.ConfirmImpact));
        Assert.Equal(cmdlet.DefaultParameterSetName, NameOf(described, Inside<uint>(described, "DefaultSet")));
        Dictionary<string, ParameterDescription> parameters = described.Parameters.Where(one => !one.IsCommon).ToDictionary(one => one.Name);
        PropertyInfo[] properties = [.. type.GetProperties().Where(property => property.IsDefined(typeof(ParameterAttribute)))];
        Assert.Equal(properties.Select(property => property.Name), parameters.Keys);
        object instance = Call(described, "CreateInstance")!;
        foreach (PropertyInfo property in properties)
        {
            AssertIs(property, parameters[property.Name], described, instance);
        }

        (instance as IDisposable)?.Dispose();
    }

    private static void AssertIs(PropertyInfo property, ParameterDescription described, CmdletDescription cmdlet, object instance)
    {
        Assert.Equal(
            (property.PropertyType, property.PropertyType.IsArray ? property.PropertyType.GetElementType() : null, property.PropertyType == typeof(SwitchParameter)),
            (described.Type, described.ElementType, described.IsSwitch));
        Assert.Equal(
            property.GetCustomAttributes<ParameterAttribute>().Select(one =>
                (one.ParameterSetName, one.Mandatory, one.Position, one.ValueFromPipeline, one.ValueFromPipelineByPropertyName)).Order(),
            described.Sets.Select(one =>
                (NameOf(cmdlet, one.Flag), one.IsMandatory, one.Position, one.FromPipeline, one.FromPipelineByName)).Order());
        Assert.Equal(property.GetCustomAttributes<AliasAttribute>().SelectMany(one => one.AliasNames), described.Aliases);
        Assert.Equal(property.GetCustomAttributes<ParameterAttribute>().Any(one => one.ValueFromRemainingArguments), Inside<bool>(described, "TakesRemaining"));
        Assert.Equal(
            (property.IsDefined(typeof(AllowNullAttribute)), property.IsDefined(typeof(AllowEmptyStringAttribute)), property.IsDefined(typeof(AllowEmptyCollectionAttribute))),
            (Inside<bool>(described, "AllowsNull"), Inside<bool>(described, "AllowsEmptyString"), Inside<bool>(described, "AllowsEmptyCollection")));
        AssertAlike(property.GetCustomAttributes<ArgumentTransformationAttribute>(), Inside<Attribute[]>(described, "Transformations"));
        AssertAlike(property.GetCustomAttributes<ValidateArgumentsAttribute>(), Inside<Attribute[]>(described, "Validations"));

        object? value = property.GetValue(instance);
        Assert.Equal(value, Call(described, "GetValue", instance));
        Call(described, "SetValue", instance, value);
        Assert.Equal(value, property.GetValue(instance));
    }

    /// <summary>The same classes with the same state.</summary>
    private static void AssertAlike(IEnumerable<Attribute> expected, IEnumerable<Attribute> actual) =>
        Assert.Equal(expected.Select(Describe).Order(), actual.Select(Describe).Order());

    private static string Describe(Attribute attribute) => $"{attribute.GetType()} " + string.Join(", ", attribute.GetType()
        .GetProperties().Where(property => property.Name != nameof(Attribute.TypeId) && property.GetMethod is not null)
        .Select(property => $"{property.Name}={Text(property.GetValue(attribute))}"));

    private static string Text(object? value) =>
        value is System.Collections.IEnumerable and not string ? string.Join('|', ((System.Collections.IEnumerable)value).Cast<object?>()) : $"{value}";

    private static string NameOf(CmdletDescription cmdlet, uint flag) =>
        flag == 0 ? ParameterAttribute.AllParameterSets : cmdlet.SetNames[System.Numerics.BitOperations.Log2(flag)];

    // The engine bears PowerShell's key: it can call no test assembly its friend.
    private static T Inside<T>(object owner, string property) =>
        (T)owner.GetType().GetProperty(property, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(owner)!;

    private static object? Call(object owner, string method, params object?[] arguments) =>
        owner.GetType().GetMethod(method, BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(owner, arguments);

    private static string NameOf(Type type) =>
        type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet ? $"{cmdlet.VerbName}-{cmdlet.NounName}" : "";
}
