// edge-js names this namespace without using anything from it; declared here, the compiler's package can stay away.
namespace Microsoft.CodeAnalysis.CSharp.Syntax
{
}
