namespace DeepNet.Printing;

/// <summary>Provides what a debugger lists of a tensor.</summary>
internal sealed class TensorDebugView(Tensor tensor)
{
    public Shape Shape => tensor.Shape;
    public DType DType => tensor.DType;
    public Device Device => tensor.Device;
    public string Values => tensor.Storage.IsReleased ? "released" : tensor.ToString();
    public bool RequiresGrad => tensor.RequiresGrad;
    public Tensor? Grad => tensor.PeekRows() is null ? tensor.PeekGrad() : null;
    public SparseGradient? SparseGrad => tensor.PeekRows();
    public Node? GradNode => tensor.GradNode;
}
