package io.dualstack.director;

/**
 * The director role: reads cloud configs and manifests, allocates for every instance, and has the
 * provider attach what was allocated. Thread-safe.
 */
public interface Director {

  /**
   * Reads and checks a cloud config and a manifest. Nothing is changed.
   *
   * @param files the files
   * @return what they say
   * @throws io.dualstack.InvalidConfigurationException with every error of both files, each with
   *     its path and line
   */
  Deployment read(DeploymentFiles files);

  /**
   * Shows what {@link #apply} would do. Changes nothing.
   *
   * @param deployment what should be
   * @return the difference
   * @throws io.dualstack.PoolExhaustedException if a network has no free block left
   * @throws io.dualstack.AllocationConflictException if a static address can't be had
   */
  DeploymentPlan plan(Deployment deployment);

  /**
   * Makes it so. Allocations are committed all or nothing; then the provider attaches, and what is
   * no longer wanted is detached and only then released. A run that is cut off at any point is
   * finished by the next; a run without anything to do changes nothing.
   *
   * @param deployment what should be
   * @param provider the provider's name; the same as before if the deployment is attached
   * @return what was done
   * @throws io.dualstack.ProviderNotFoundException if there is no usable provider of that name
   * @throws io.dualstack.InvalidConfigurationException if the provider can't do what is asked
   * @throws io.dualstack.PoolExhaustedException if a network has no free block left
   * @throws io.dualstack.AllocationConflictException if a static address can't be had
   * @throws io.dualstack.ProviderException if a NIC could not be attached; the rest is, and
   *     applying again goes on
   */
  DeploymentPlan apply(Deployment deployment, String provider);

  /**
   * Compares what a deployment holds in the store with what the provider that attached it finds
   * attached. Changes nothing.
   *
   * @param deployment the deployment's name
   * @return the differences; none if nothing is attached or all is as it should be
   * @throws io.dualstack.ProviderException if the infrastructure can't be asked
   */
  DriftReport drift(String deployment);

  /**
   * Repairs what can be repaired without the manifest: detaches the NICs that nobody in the store
   * has. The rest is repaired by {@link #apply}.
   *
   * @param deployment the deployment's name
   * @return the differences that are left
   * @throws io.dualstack.ProviderException if the infrastructure refuses
   */
  DriftReport repair(String deployment);

  /**
   * Detaches and releases all instances of a deployment, through the provider that attached them.
   *
   * @param deployment the deployment's name
   * @return what was done; without instances if there was nothing
   */
  DeploymentPlan release(String deployment);

  /**
   * Detaches and releases one instance, through the provider that attached it.
   *
   * @param instance the instance
   * @return what was done; without instances if there was nothing
   */
  DeploymentPlan release(InstanceId instance);
}
