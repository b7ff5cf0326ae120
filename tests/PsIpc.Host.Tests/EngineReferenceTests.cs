using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>
/// PsIpc.dll is compiled against PowerShell's reference assembly and runs on the engine: what it refers to must be there.
/// A missing member would only throw when the method that uses it runs for the first time.
/// </summary>
public sealed class EngineReferenceTests
{
    private const string EngineName = "System.Management.Automation";
    private static readonly Assembly Engine = typeof(PSObject).Assembly;

    [Fact]
    public void Every_type_and_member_that_the_cmdlets_refer_to_is_in_the_engine()
    {
        using PEReader file = new(File.OpenRead(typeof(IpcObject).Assembly.Location));
        MetadataReader reader = file.GetMetadataReader();
        List<string> missing = [];
        foreach (TypeReferenceHandle handle in reader.TypeReferences)
        {
            if (Names.IsOf(reader, handle, EngineName) && Engine.GetType(Names.FullName(reader, handle)) is null)
            {
                missing.Add(Names.FullName(reader, handle));
            }
        }

        foreach (MemberReferenceHandle handle in reader.MemberReferences)
        {
            MemberReference member = reader.GetMemberReference(handle);
            if (Names.Parent(reader, member.Parent) is { } parent && Names.IsOf(reader, parent, EngineName))
            {
                string wanted = Names.Signature(reader, member);
                Type? type = Engine.GetType(Names.FullName(reader, parent));
                if (type is null || !Names.Signatures(type, member).Contains(wanted))
                {
                    missing.Add($"{Names.FullName(reader, parent)}: {wanted}");
                }
            }
        }

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_class_of_the_cmdlets_loads_and_overrides_what_it_means_to_override()
    {
        List<string> wrong = [];
        foreach (Type type in typeof(IpcObject).Assembly.GetTypes()) // throws where an abstract member is not implemented
        {
            foreach (MethodInfo method in type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                bool meansToOverride = method.IsVirtual && (method.Attributes & MethodAttributes.NewSlot) == 0;
                if (meansToOverride && method.GetBaseDefinition().DeclaringType == type)
                {
                    wrong.Add($"{type}.{method.Name}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_attribute_argument_of_the_cmdlets_can_be_set()
    {
        foreach (Type type in typeof(IpcObject).Assembly.GetTypes())
        {
            _ = type.GetCustomAttributes(inherit: false);
            foreach (MemberInfo member in type.GetMembers(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            {
                _ = member.GetCustomAttributes(inherit: false); // throws on a property that is not there
            }
        }
    }

    [Fact]
    public void Enumerations_have_the_numbers_of_the_reference_assembly()
    {
        SkipUnlessReferenceIsReadable();
        using PEReader file = new(File.OpenRead(Places.ReferenceAssembly));
        MetadataReader reader = file.GetMetadataReader();
        int compared = 0;
        foreach (TypeDefinition definition in reader.TypeDefinitions.Select(reader.GetTypeDefinition))
        {
            string name = $"{reader.GetString(definition.Namespace)}.{reader.GetString(definition.Name)}";
            if (Engine.GetType(name) is not { IsEnum: true } ours || definition.IsNested)
            {
                continue;
            }

            foreach (FieldDefinition field in definition.GetFields().Select(reader.GetFieldDefinition).Where(one => !one.GetDefaultValue().IsNil))
            {
                Constant constant = reader.GetConstant(field.GetDefaultValue());
                object? theirs = reader.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode);
                if (Enum.TryParse(ours, reader.GetString(field.Name), out object? value))
                {
                    Assert.Equal(Convert.ToInt64(theirs), Convert.ToInt64(value));
                    compared++;
                }
            }
        }

        Assert.InRange(compared, 60, 1000);
    }

    [Fact]
    public void The_engine_has_the_identity_of_the_reference_assembly()
    {
        SkipUnlessReferenceIsReadable();
        AssemblyName theirs = AssemblyName.GetAssemblyName(Places.ReferenceAssembly);
        Assert.Equal(theirs.FullName, Engine.GetName().FullName);
    }

    [Fact]
    public void No_parameter_takes_values_by_property_name_which_the_engine_does_not_know()
    {
        foreach (Type type in typeof(IpcObject).Assembly.GetExportedTypes().Where(one => one.IsSubclassOf(typeof(Cmdlet)) && !one.IsAbstract))
        {
            Assert.All(
                type.GetProperties().SelectMany(property => property.GetCustomAttributes<ParameterAttribute>()),
                parameter => Assert.False(parameter.ValueFromPipelineByPropertyName || parameter.ValueFromRemainingArguments, type.Name));
        }
    }

    private static void SkipUnlessReferenceIsReadable()
    {
        try
        {
            File.OpenRead(Places.ReferenceAssembly).Dispose();
        }
        catch (UnauthorizedAccessException)
        {
            Assert.Skip($"{Places.ReferenceAssembly} belongs to the user who built.");
        }
    }

    private static class Names
    {
        private static readonly Decoder TypeDecoder = new();

        internal static bool IsOf(MetadataReader reader, TypeReferenceHandle handle, string assembly)
        {
            EntityHandle scope = reader.GetTypeReference(handle).ResolutionScope;
            return scope.Kind switch
            {
                HandleKind.TypeReference => IsOf(reader, (TypeReferenceHandle)scope, assembly),
                HandleKind.AssemblyReference => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name) == assembly,
                _ => false,
            };
        }

        internal static string FullName(MetadataReader reader, TypeReferenceHandle handle)
        {
            TypeReference type = reader.GetTypeReference(handle);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? $"{FullName(reader, (TypeReferenceHandle)type.ResolutionScope)}+{reader.GetString(type.Name)}"
                : $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }

        internal static TypeReferenceHandle? Parent(MetadataReader reader, EntityHandle parent) => parent.Kind switch
        {
            HandleKind.TypeReference => (TypeReferenceHandle)parent,
            HandleKind.TypeSpecification => TypeDecoder.GenericOf(reader, (TypeSpecificationHandle)parent),
            _ => null,
        };

        internal static string Signature(MetadataReader reader, MemberReference member)
        {
            string name = reader.GetString(member.Name);
            if (member.GetKind() == MemberReferenceKind.Field)
            {
                return $"{member.DecodeFieldSignature(TypeDecoder, null)} {name}";
            }

            MethodSignature<string> signature = member.DecodeMethodSignature(TypeDecoder, null);
            return Text(signature.Header.IsInstance, signature.ReturnType, name, signature.GenericParameterCount, signature.ParameterTypes);
        }

        internal static IEnumerable<string> Signatures(Type type, MemberReference member)
        {
            const BindingFlags all = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
            if (member.GetKind() == MemberReferenceKind.Field)
            {
                return type.GetFields(all).Select(field => $"{NameOf(field.FieldType)} {field.Name}");
            }

            // A reference names the class that declares a member, or one that inherits it.
            IEnumerable<MethodBase> methods = [.. type.GetMethods(all), .. type.GetConstructors(all)];
            return methods.Where(one => one.IsPublic || one.IsFamily || one.IsFamilyOrAssembly).Select(method => Text(
                !method.IsStatic,
                method is MethodInfo info ? NameOf(info.ReturnType) : "Void",
                method.Name,
                method.IsGenericMethod ? method.GetGenericArguments().Length : 0,
                method.GetParameters().Select(parameter => NameOf(parameter.ParameterType))));
        }

        private static string Text(bool isInstance, string returnType, string name, int generics, IEnumerable<string> parameters) =>
            $"{(isInstance ? "instance" : "static")} {returnType} {name}`{generics}({string.Join(", ", parameters)})";

        private static string NameOf(Type type) =>
            type.IsByRef ? NameOf(type.GetElementType()!) + "&"
            : type.IsArray ? NameOf(type.GetElementType()!) + "[]"
            : type.IsGenericMethodParameter ? $"!!{type.GenericParameterPosition}"
            : type.IsGenericTypeParameter ? $"!{type.GenericParameterPosition}"
            : type.IsGenericType ? $"{type.Name}<{string.Join(",", type.GetGenericArguments().Select(NameOf))}>"
            : type.Name;

        private sealed class Decoder : ISignatureTypeProvider<string, object?>
        {
            private TypeReferenceHandle _generic;

            internal TypeReferenceHandle? GenericOf(MetadataReader reader, TypeSpecificationHandle handle)
            {
                _generic = default;
                reader.GetTypeSpecification(handle).DecodeSignature(this, null);
                return _generic.IsNil ? null : _generic;
            }

            public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
            {
                if (_generic.IsNil)
                {
                    _generic = handle;
                }

                return reader.GetString(reader.GetTypeReference(handle).Name);
            }

            public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
                reader.GetString(reader.GetTypeDefinition(handle).Name);

            public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
                reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

            public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
                $"{genericType}<{string.Join(",", typeArguments)}>";

            public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[,]";

            public string GetByReferenceType(string elementType) => elementType + "&";

            public string GetFunctionPointerType(MethodSignature<string> signature) => "method*";

            public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

            public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

            public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

            public string GetPinnedType(string elementType) => elementType;

            public string GetPointerType(string elementType) => elementType + "*";

            public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

            public string GetSZArrayType(string elementType) => elementType + "[]";
        }
    }
}
