namespace DeepNet.Nn;

public abstract partial class Module
{
    /// <summary>Runs the module once, evaluating, and draws what it computes; see <see cref="GraphPicture"/>.</summary>
    /// <param name="example">An input.</param>
    public GraphPicture Picture(Tensor example)
    {
        ArgumentNullException.ThrowIfNull(example);
        var modules = Modules().Select(m => (m.Module, m.Module.IsTraining)).ToList();
        try
        {
            Eval();
            return GraphPicture.Of(x => Forward(x[0]), example);
        }
        finally
        {
            foreach (var (module, wasTraining) in modules) module.IsTraining = wasTraining;
        }
    }
}
