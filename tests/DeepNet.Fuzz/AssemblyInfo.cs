// Allocations and tensor memory are measured, and the generator is one for the whole process.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
