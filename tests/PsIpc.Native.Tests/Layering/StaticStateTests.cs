using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Xunit;

namespace PsIpc.Native.Tests.Layering;

/// <summary>Several runspaces use the module at once: nothing static may change.</summary>
public sealed class StaticStateTests
{
    private const string ErrorTableReason =
        "filled once and only read; a frozen one lives in an assembly that cannot be opened when the error is that nothing can be";

    /// <summary>Static fields whose content changes or could, each with the reason why that is safe.</summary>
    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["PsIpc.Errors.ErrorTable.ByCall"] = ErrorTableReason,
        ["PsIpc.Errors.ErrorTable.ByErrno"] = ErrorTableReason,
        ["PsIpc.Runtime.RunspaceResources.Table"] = "a weak table by runspace: each has its own entry, and the table is thread-safe",
        ["PsIpc.Runtime.Provenance.Remembered"] = "a weak table by thread: each has its own entry, and the table is thread-safe",
        ["PsIpc.Native.Signals.SignalHub.Shared"] = "what a process does on signals belongs to the process; a lock keeps its changes apart",
        ["PsIpc.Native.Sockets.MessageGate.<Shared>k__BackingField"] = "a socket belongs to the process, whichever runspaces receive from it; a lock, and what is only touched under it",
        ["PsIpc.Errors.Sentences.Resources"] = "caches what it has read of the assembly's own resource; thread-safe by its documentation",
    };

    /// <summary>Static fields that are set when first asked for, because a failure then (no descriptor is left) must not be for ever, each with the reason why that is safe.</summary>
    private static readonly Dictionary<string, string> SetOnce = new()
    {
        ["PsIpc.Native.Inventory.HostIdentity.BootId"] = "whoever sets it sets the same",
        ["PsIpc.Native.Inventory.HostIdentity.PidNamespace"] = "whoever sets it sets the same",
        ["PsIpc.Native.Waiting.WakeSignal.Number"] = "whoever sets it sets the same: the second recognises the handler of the first",
        ["PsIpc.Native.Memory.FaultGuard.Instance"] = "set under a lock",
    };

    /// <summary>Types whose instances change, beside every array.</summary>
    private static readonly string[] Mutable =
    [
        "List`1", "Dictionary`2", "HashSet`1", "Queue`1", "Stack`1", "SortedDictionary`2", "StringBuilder", "ConditionalWeakTable`2",
        "ConcurrentDictionary`2", "ConcurrentBag`1", "ConcurrentQueue`1", "ThreadLocal`1", "AsyncLocal`1", "Lazy`1", "ResourceManager", "Random", "StrongBox`1", "SignalHub", "MessageGate",
    ];

    private static string[] Assemblies => [typeof(Errno).Assembly.Location, LayeringTests.ModulePath];

    [Fact]
    public void Static_fields_are_read_only() =>
        Assert.Equal(
            SetOnce.Keys.Order(StringComparer.Ordinal),
            Assemblies.SelectMany(StaticFields).Where(field => !field.IsReadOnly)
                .Select(field => field.Name.Replace("<", "", StringComparison.Ordinal).Replace(">k__BackingField", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public void Static_fields_whose_content_changes_have_a_reason()
    {
        string[] found =
        [
            .. Assemblies.SelectMany(StaticFields)
                .Where(field => Mutable.Contains(field.Type) || field.Type.EndsWith("[]", StringComparison.Ordinal))
                .Select(field => field.Name).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(Reasons.Keys.Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public void The_search_sees_a_field_that_changes()
    {
        // This assembly has one (Scratch.s_counter) and says so.
        Assert.Contains(StaticFields(typeof(StaticStateTests).Assembly.Location), field => !field.IsReadOnly && field.Name.EndsWith(".s_counter", StringComparison.Ordinal));
    }

    private static List<(string Name, string Type, bool IsReadOnly)> StaticFields(string path)
    {
        using PEReader image = new(File.OpenRead(path));
        MetadataReader reader = image.GetMetadataReader();
        List<(string, string, bool)> fields = [];
        foreach (FieldDefinition field in reader.FieldDefinitions.Select(reader.GetFieldDefinition))
        {
            TypeDefinition type = reader.GetTypeDefinition(field.GetDeclaringType());
            string typeName = reader.GetString(type.Name);
            bool isGenerated = typeName.StartsWith('<') // caches of lambdas, data of arrays
                || FullName(reader, type).StartsWith("System.Text.RegularExpressions.Generated.", StringComparison.Ordinal);
            if (!isGenerated && (field.Attributes & FieldAttributes.Static) != 0 && (field.Attributes & FieldAttributes.Literal) == 0)
            {
                fields.Add((
                    $"{FullName(reader, type)}.{reader.GetString(field.Name)}",
                    field.DecodeSignature(new TypeNames(), null),
                    (field.Attributes & FieldAttributes.InitOnly) != 0));
            }
        }

        return fields;
    }

    private static string FullName(MetadataReader reader, TypeDefinition type)
    {
        string name = reader.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? $"{FullName(reader, reader.GetTypeDefinition(outer))}.{name}"
            : $"{reader.GetString(type.Namespace)}.{name}";
    }

    /// <summary>Names types as shortly as the table does.</summary>
    private sealed class TypeNames : ISignatureTypeProvider<string, object?>
    {
        public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[]";

        public string GetByReferenceType(string elementType) => elementType + "&";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "function";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

        public string GetGenericMethodParameter(object? genericContext, int index) => "T";

        public string GetGenericTypeParameter(object? genericContext, int index) => "T";

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetPinnedType(string elementType) => elementType;

        public string GetPointerType(string elementType) => elementType + "*";

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
            reader.GetString(reader.GetTypeDefinition(handle).Name);

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
            reader.GetString(reader.GetTypeReference(handle).Name);

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);
    }
}
