using System.Reflection;
using DeepNet.Ops;

namespace DeepNet.Tests.Formulas;

/// <summary>All elementwise operators of the library, found by reflection, so that a new one is tested at once.</summary>
public static class Operators
{
    public static IEnumerable<object[]> Unary => Find(typeof(IUnaryOp<>)).Concat(
    [
        [typeof(Then<Exp, Log1p>)], [typeof(WithRight<Mul>)], [typeof(WithLeft<Sub>)], [typeof(WithLeft<Div>)], [typeof(WithLeft<Pow>)],
    ]);

    public static IEnumerable<object[]> Binary
        => Find(typeof(IBinaryOp<>)).Concat([[typeof(ZipThen<Add, Gelu>)], [typeof(ZipThen<Mul, Tanh>)]]);

    /// <summary>Calls the generic method of this class with the operator as its first type argument.</summary>
    public static void Call(Type home, string method, params Type[] types)
    {
        MethodInfo generic = home.GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!;
        try
        {
            generic.MakeGenericMethod(types).Invoke(null, null);
        }
        catch (TargetInvocationException e)
        {
            throw new InvalidOperationException($"{types[0]}: {e.InnerException!.Message}", e.InnerException);
        }
    }

    private static IEnumerable<object[]> Find(Type kind)
        => from type in typeof(IUnaryOp<>).Assembly.GetTypes()
           where type.IsValueType && !type.IsGenericTypeDefinition && type.Namespace == "DeepNet.Ops"
           where type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == kind)
           orderby type.Name
           select new object[] { type };
}
