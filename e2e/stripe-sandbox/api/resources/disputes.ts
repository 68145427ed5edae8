import type Stripe from 'stripe';
import * as z from 'zod';
import { answerDispute } from '../../engine/disputes/answer-dispute';
import { closeDispute, stageOf } from '../../engine/disputes/close-dispute';
import type { World } from '../../engine/world';
import { checkEvidence, evidenceOf, updateDisputeParams } from '../dispute-params';
import { byPayment, paymentFilters } from '../by-payment';
import { listPage } from '../lists';
import { mergeMetadata, parseParams } from '../params';
import { conflict, missingObject } from '../refusal';
import type { ApiRequest, Routes } from '../request';

function find(world: World, id: string): Stripe.Dispute {
  const dispute = world.store.disputes.get(id);
  if (!dispute) throw missingObject('dispute', id);
  return dispute;
}

function findOpen(world: World, id: string): Stripe.Dispute {
  const dispute = find(world, id);
  if (stageOf(dispute) === 'closed') throw conflict('This dispute is already closed', undefined);
  return dispute;
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return find(world, id);
}

/** Evidence goes to the bank unless `submit` is false; without new evidence only `submit=true` sends it. */
function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  checkEvidence(form);
  const params = parseParams(updateDisputeParams, form);
  const evidence = evidenceOf(params.evidence);
  const dispute = findOpen(world, id);
  return answerDispute(world, cause, dispute, {
    evidence,
    isSubmitted: params.submit ?? Object.keys(evidence).length > 0,
    intendedMethod: params.intended_submission_method ?? dispute.intended_submission_method,
    metadata:
      params.metadata === undefined ? dispute.metadata : mergeMetadata(dispute.metadata, params.metadata),
  });
}

/** Accepting a dispute loses it at once; an inquiry that is closed costs nothing. */
function close({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const closed = closeDispute(world, findOpen(world, id), 'lost');
  world.publish(cause, closed.happenings);
  return closed.dispute;
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.disputes, {
    noun: 'dispute',
    url: '/v1/disputes',
    filters: paymentFilters,
    select: byPayment,
  });
}

export const disputeRoutes: Routes = {
  'GET /v1/disputes': { resource: 'dispute', isList: true, run: listAll },
  'GET /v1/disputes/:id': { resource: 'dispute', run: retrieve },
  'POST /v1/disputes/:id': { resource: 'dispute', run: update },
  'POST /v1/disputes/:id/close': { resource: 'dispute', run: close },
};
