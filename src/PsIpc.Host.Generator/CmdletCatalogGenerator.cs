using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace PsIpc.Host.Generator;

/// <summary>
/// Writes the class CmdletCatalog: for each cmdlet of PsIpc.dll and of the assembly that is compiled, how it is made and
/// how its parameters are bound. To read the attributes when psipc starts would take longer than most cmdlets run.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class CmdletCatalogGenerator : IIncrementalGenerator
{
    private const string ModuleAssembly = "PsIpc";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context) =>
        context.RegisterSourceOutput(
            context.CompilationProvider.Select(static (compilation, _) => Write(compilation)),
            static (output, source) => output.AddSource("CmdletCatalog.g.cs", SourceText.From(source, Encoding.UTF8)));

    private static string Write(Compilation compilation)
    {
        IAssemblySymbol? module = compilation.SourceModule.ReferencedAssemblySymbols.FirstOrDefault(one => one.Name == ModuleAssembly);
        List<CmdletModel> cmdlets = [];
        foreach (IAssemblySymbol assembly in module is null ? [compilation.Assembly] : new[] { module, compilation.Assembly })
        {
            cmdlets.AddRange(TypesOf(assembly.GlobalNamespace).Select(CmdletModel.TryRead).OfType<CmdletModel>());
        }

        return CatalogWriter.Write(compilation.AssemblyName ?? "", cmdlets.OrderBy(cmdlet => cmdlet.Name, StringComparer.OrdinalIgnoreCase));
    }

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceSymbol space) =>
        space.GetTypeMembers().Concat(space.GetNamespaceMembers().SelectMany(TypesOf));
}
