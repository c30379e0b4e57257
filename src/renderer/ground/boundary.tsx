import { Component, type ReactNode } from 'react';
import { reportFault } from './faults.ts';

interface BoundaryProps {
  /** What is inside, for the log: "viewer". */
  readonly where: string;
  /** Shown in place of what is inside once that has failed; `retry` shows it again. */
  readonly failed: (error: unknown, retry: () => void) => ReactNode;
  /** When this is another value, what is inside is tried again. */
  readonly resetOn?: string | undefined;
  readonly children: ReactNode;
}

interface BoundaryState {
  /** In an object of its own: anything can be thrown, undefined too. */
  readonly fault: { readonly error: unknown } | null;
  readonly resetOn: string | undefined;
}

/** Keeps a fault in one part of the window from taking the others along, and reports it. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { fault: null, resetOn: this.props.resetOn };

  static getDerivedStateFromError(error: unknown): Partial<BoundaryState> {
    return { fault: { error } };
  }

  static getDerivedStateFromProps({ resetOn }: BoundaryProps, state: BoundaryState): BoundaryState | null {
    return resetOn === state.resetOn ? null : { fault: null, resetOn };
  }

  override componentDidCatch(error: unknown): void {
    reportFault(error, this.props.where);
  }

  readonly retry = (): void => this.setState({ fault: null });

  override render(): ReactNode {
    const { fault } = this.state;
    return fault ? this.props.failed(fault.error, this.retry) : this.props.children;
  }
}
